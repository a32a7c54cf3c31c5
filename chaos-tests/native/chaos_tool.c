/*
 * Small requests to the kernel that no everyday tool makes:
 *   chaos_tool cut DIRECTORY      the filesystem loses its power: nothing more reaches its disk, the journal is not flushed
 *   chaos_tool plain INTERFACE    the interface computes its checksums itself and sends no packet larger than its MTU
 */
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* Of ext4 and XFS alike: _IOR('X', 125, __u32). */
#define GOING_DOWN _IOR('X', 125, uint32_t)
#define WITHOUT_FLUSHING_THE_LOG 2

static int cut(const char *directory) {
    uint32_t how = WITHOUT_FLUSHING_THE_LOG;
    int fd = open(directory, O_RDONLY);
    if (fd < 0 || ioctl(fd, GOING_DOWN, &how)) {
        perror(directory);
        return 1;
    }
    return 0;
}

static int plain(const char *name) {
    static const uint32_t off[] = {ETHTOOL_STXCSUM, ETHTOOL_STSO, ETHTOOL_SGSO, ETHTOOL_SGRO};
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    for (unsigned i = 0; i < sizeof off / sizeof off[0]; i++) {
        struct ethtool_value value = {.cmd = off[i], .data = 0};
        struct ifreq request = {0};
        strncpy(request.ifr_name, name, IFNAMSIZ - 1);
        request.ifr_data = (void *)&value;
        /* Only the checksums are needed; the others go with them, or are not there. */
        if (ioctl(fd, SIOCETHTOOL, &request) && i == 0) {
            perror(name);
            return 1;
        }
    }
    return 0;
}

int main(int count, char **words) {
    if (count == 3 && !strcmp(words[1], "cut")) return cut(words[2]);
    if (count == 3 && !strcmp(words[1], "plain")) return plain(words[2]);
    fprintf(stderr, "usage: chaos_tool cut DIRECTORY | plain INTERFACE\n");
    return 64;
}
