#!/bin/bash
# A private S3 server, Ceph's RADOS gateway with one monitor and one object store daemon: everything under DIR, loopback only.
#
#   ceph.sh start DIR [PORT]   starts it, also again after a stop or a crash, with its data; prints URL, access key and secret when it answers
#   ceph.sh stop DIR           stops in order
#   ceph.sh kill DIR           kill -9 of its three processes: what fault tests need
#   ceph.sh url DIR            prints: http://127.0.0.1:PORT ACCESS_KEY SECRET_KEY
#
# The bucket `platform` is made at the first start. Objects lie in a sparse file, DIR/osd/block, that grows to S3_BYTES at most (default at the first start:
# half of what is free, between 10 and 100 GiB); blocks of deleted objects stay taken and are used again.
# Takes twelve ports: S3, then the monitor, then the object store daemon's.
set -euo pipefail
[ $# -ge 2 ] || { echo "usage: $0 start DIR [PORT] | stop DIR | kill DIR | url DIR" >&2; exit 2; }
HERE=$(cd "$(dirname "$0")" 2> /dev/null && pwd) || HERE=
D=$(realpath -m "$2")
# shellcheck source-path=SCRIPTDIR source=common.sh
declare -F continue_as > /dev/null || . "$HERE/common.sh"
export SERVER_DIR=$D CEPH_CONF=$D/ceph.conf LC_ALL=C.UTF-8

print_url() { echo "http://127.0.0.1:$(< "$D/ports") $(< "$D/access-key") $(< "$D/secret-key")"; }

write_configuration() {
  cat > ceph.conf <<C
[global]
fsid = $(< fsid)
mon host = v2:127.0.0.1:$((P + 1))
public network = 127.0.0.0/8
ms bind ipv6 = false
ms bind msgr1 = false
ms bind port min = $((P + 2))
ms bind port max = $((P + 11))
auth cluster required = cephx
auth service required = cephx
auth client required = cephx
auth allow insecure global id reclaim = false
keyring = $D/keyring
log file = $D/log/\$name.log
admin socket = $D/run/\$name.asok
pid file = $D/\$name.pid
run dir = $D/run
crash dir = $D/crash
# one copy of everything on one machine
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd crush chooseleaf type = 0
osd crush update on start = false
mon warn on pool no redundancy = false
mon allow pool size one = true
mon max pg per osd = 1000
# errors are logged at any level; level 1 would be a megabyte a minute
debug mon = 0/0
debug paxos = 0/0
debug osd = 0/0
debug bluestore = 0/0
debug bluefs = 0/0
debug bdev = 0/0
debug rocksdb = 0/0
[mon]
mon data = $D/mon
# one monitor agrees with itself: no need to wait for others
paxos propose interval = 0.05
paxos min wait = 0.01
mon data avail crit = 1
mon data avail warn = 2
[osd]
osd data = $D/osd
osd objectstore = bluestore
bluestore block size = $(< bytes)
bluestore cache autotune = false
bluestore cache size = 134217728
osd memory target = 939524096
osd op num shards = 1
osd op num threads per shard = 2
[client.rgw]
rgw data = $D/rgw
rgw frontends = beast endpoint=127.0.0.1:$P
rgw thread pool size = 32
rgw enable usage log = false
# level 1 logs each request with its query string, signatures included
debug rgw = 0/0
C
}

key() { ceph-authtool keyring --gen-key -n "$@" > /dev/null; }

default_bytes() {
  local half gib=1073741824
  half=$(($(df --output=avail -B1 . | tail -n 1) / 2))
  if [ "$half" -lt $((10 * gib)) ]; then half=$((10 * gib)); fi
  if [ "$half" -gt $((100 * gib)) ]; then half=$((100 * gib)); fi
  echo $((half / gib * gib))
}

# The first start: keys, the monitor's and the daemon's stores. Begun anew when it was cut off (`ready` is written last).
make_cluster() {
  rm -rf mon osd rgw keyring ready
  mkdir -p mon osd rgw
  cat /proc/sys/kernel/random/uuid > fsid; cat /proc/sys/kernel/random/uuid > osd-id
  echo "${S3_BYTES:-$(default_bytes)}" > bytes
  write_configuration
  ceph-authtool --create-keyring keyring --gen-key -n mon. --cap mon 'allow *' > /dev/null
  key client.admin --cap mon 'allow *' --cap osd 'allow *' --cap mgr 'allow *'
  key client.rgw --cap mon 'allow *' --cap osd 'allow *'
  key osd.0 --cap mon 'allow profile osd' --cap osd 'allow *'
  monmaptool --create --fsid "$(< fsid)" --addv a "[v2:127.0.0.1:$((P + 1))]" monmap --clobber > log/monmap.log 2>&1
  ceph-mon -i a --mkfs --monmap monmap --keyring keyring
  ceph-mon -i a > log/mon.start 2>&1
  ceph osd new "$(< osd-id)" 0 > /dev/null
  ceph osd crush add osd.0 1 root=default host=local > /dev/null 2>&1
  ceph-osd -i 0 --mkfs --osd-uuid "$(< osd-id)" > log/mkfs.log 2>&1
}

# A signed request, by curl itself. The key comes on standard input, not on the command line; the header is what curl 7.88 does not add by itself.
s3() { curl -s -S -f --max-time 20 --aws-sigv4 aws:amz:us-east-1:s3 -H 'x-amz-content-sha256: UNSIGNED-PAYLOAD' -K - "$@" <<< "user = \"$(< access-key):$(< secret-key)\""; }

start() {
  continue_as ceph "$@"
  command -v radosgw ceph-mon ceph-osd > /dev/null || die "Ceph is missing: apt-get install --no-install-recommends radosgw ceph-mon ceph-osd"
  mkdir -p "$D"; cd "$D"; mkdir -p log run crash
  choose_ports 12 "${3:-}"
  local rgw=client.rgw.pid tick
  if ours "$rgw" && ours osd.0.pid && ours mon.a.pid && listens "$P"; then print_url; exit; fi
  ours "$rgw" || must_be_free "$P"
  ours mon.a.pid || must_be_free $((P + 1))
  secret access-key > /dev/null; secret secret-key > /dev/null
  [ -s ready ] || { stop_all; make_cluster; }
  write_configuration
  ours mon.a.pid || ceph-mon -i a > log/mon.start 2>&1 || die "ceph-mon did not start: $(tail -n 20 log/mon.start log/mon.a.log)"
  ours osd.0.pid || ceph-osd -i 0 > log/osd.start 2>&1 || die "ceph-osd did not start: $(tail -n 20 log/osd.start log/osd.0.log)"
  ours "$rgw" || radosgw -n client.rgw > log/rgw.start 2>&1 || die "radosgw did not start: $(tail -n 20 log/rgw.start log/client.rgw.log)"
  for ((tick = 0; tick < 1200; tick++)); do ! curl -s -m 2 -o /dev/null "http://127.0.0.1:$P/" || { tick=-1; break; }; sleep 0.05; done
  [ "$tick" = -1 ] || die "the S3 gateway did not answer in 60 s; its log is $D/log/client.rgw.log"
  if [ ! -s ready ]; then
    radosgw-admin -n client.rgw user create --uid=platform --display-name=platform --max-buckets=0 \
      --access-key="$(< access-key)" --secret-key="$(< secret-key)" > log/user.log 2>&1 || die "no S3 user: $(tail -n 5 log/user.log)"
    s3 -X PUT "http://127.0.0.1:$P/platform"
    echo 1 > ready
  fi
  print_url
}

# The gateway keeps nothing of its own, and waits up to 10 s for idle threads: it is not waited for.
stop_all() { end "$D/client.rgw.pid" 2 2> /dev/null; end "$D/osd.0.pid" 30; end "$D/mon.a.pid" 20; }

case $1 in
  start) start "$@" ;;
  stop) stop_all ;;
  kill) for file in "$D"/{client.rgw,osd.0,mon.a}.pid; do ! ours "$file" || kill -KILL "$(pid_in "$file")"; done ;;
  url) print_url ;;
  *) usage ;;
esac
