/**
 * The part of Kubernetes that a chart's pods notice, on one machine and without containers: each pod is a process with a
 * network, a root and a user of its own, and with exactly the command, environment, files, probes and preStop that were
 * rendered; its address is another after every start, and names come from a small DNS server. Runs as root in namespaces
 * of its own, so that nothing of it remains when it ends. Not here: scheduling, images, cgroups, network policies.
 */
@NullMarked
package io.eckermann.helm.kubelet;

import org.jspecify.annotations.NullMarked;
