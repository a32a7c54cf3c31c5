#!/bin/sh
# Shows that the image is reproducible: builds it twice from nothing and compares. Arguments are Maven's:
#   image/twice.sh -Dimage.base=tar:///tmp/base.tar
set -eu

cd "$(dirname "$0")/../.."
first=
for time in 1 2; do
    mvn -B -q -Pimage -Dmaven.test.skip clean package "$@"
    digest=$(sha256sum helm/image/target/eckermann-*-oci.tar | cut -d' ' -f1)
    echo "build $time: $digest"
    [ -z "$first" ] || [ "$first" = "$digest" ] || { echo "The two are not equal." >&2; exit 1; }
    first=$digest
done
