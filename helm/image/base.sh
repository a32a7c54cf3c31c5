#!/bin/sh
# Makes a base for the image out of Debian's packages, without a registry and without a container engine:
#   image/base.sh target/base.tar && mvn -Pimage package -Dimage.base=tar://$PWD/target/base.tar
# Needs mmdebstrap. The result is what `docker save` would write.
set -eu

out=${1:?usage: base.sh FILE.tar}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# What nodes and launchers need: the C and C++ libraries, a shell with its small tools, certificates, time zones.
packages=base-files,ca-certificates,coreutils,dash,grep,libc6,libgcc-s1,libstdc++6,netbase,sed,tzdata,zlib1g
# One date for all, so that the same packages make the same image.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-1763683200}
export SOURCE_DATE_EPOCH
mmdebstrap --quiet --variant=extract --include="$packages" \
    --customize-hook='rm -rf "$1"/usr/share/doc "$1"/usr/share/man "$1"/usr/share/locale "$1"/var/cache "$1"/var/lib/apt' \
    --customize-hook='test -e "$1/bin/sh" || ln -s dash "$1/bin/sh"' \
    --customize-hook='cat "$1"/usr/share/ca-certificates/mozilla/*.crt >"$1"/etc/ssl/certs/ca-certificates.crt' \
    bookworm "$work/layer.tar"
layer=$(sha256sum "$work/layer.tar" | cut -d' ' -f1)
printf '{"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' "$layer" \
    >"$work/config.json"
printf '[{"Config":"config.json","RepoTags":["eckermann-base:bookworm"],"Layers":["layer.tar"]}]' >"$work/manifest.json"
tar --create --file="$out" --directory="$work" --sort=name --owner=0 --group=0 --mtime="@$SOURCE_DATE_EPOCH" \
    config.json layer.tar manifest.json
echo "$out"
