#!/bin/sh
# Records session.requests.resp and session.replies.resp anew: a real redis-server talks to redis-cli and
# redis-benchmark, through the example `record`. See README.md.
set -eu
cd "$(dirname "$0")"
server=7391
proxy=7392
work=$(mktemp -d)
rm -f session.requests.resp session.replies.resp

record=$(cargo build --quiet --release --example record --message-format json |
    sed -n 's/.*"executable":"\([^"]*record\)".*/\1/p')
(cd "$work" && exec redis-server --port $server --save '' --enable-debug-command yes --dir "$work" >"$work/server.log") &
server_id=$!
sleep 1
"$record" 127.0.0.1:$proxy 127.0.0.1:$server session >"$work/record.log" &
record_id=$!
trap 'kill $record_id $server_id; rm -r "$work"' EXIT
sleep 1

# Commands of every group, first in RESP2, then the same in RESP3.
for version in -2 -3; do
    redis-cli -p $proxy $version <commands.txt >"$work/cli$version.log"
    sleep 0.2
done
# Every type that RESP3 has: the server shows them on demand. Redis-cli 7.0 gives up on a big number once it has read it.
for type in string integer double null array set map attrib push verbatim true false bignum; do
    redis-cli -p $proxy -3 DEBUG PROTOCOL $type >>"$work/types.log" 2>&1 || echo "redis-cli cannot show: $type"
done
sleep 0.2
# Inline commands, written by hand, and messages that nobody asked for.
{
    printf 'PING\r\n\r\nSET "quoted key" '
    printf "'single \\\\' quoted'\r\n"
    printf 'GET "quoted\\x20key"\nMGET "\\n\\r\\t\\a\\b\\\\\\"" plain\r\n'
    printf 'HELLO 3\r\nCLIENT TRACKING ON\r\nGET tracked\r\nSET tracked 1\r\nSUBSCRIBE news\r\nPUBLISH news hello\r\nQUIT\r\n'
} | nc -q 1 127.0.0.1 $proxy >"$work/inline.log"
sleep 0.2
# The load that redis-benchmark makes: inline and not, one at a time and sixteen at once.
redis-benchmark -p $proxy -c 2 -n 100 -r 1000 -q -t ping_inline,ping_mbulk,set,get,incr,mset >"$work/bench.log"
redis-benchmark -p $proxy -c 2 -n 320 -r 1000 -P 16 -d 60 -q -t set,get,incr,lpush,sadd,hset,zadd >>"$work/bench.log"
redis-benchmark -p $proxy -c 1 -n 20 -q -t lrange_100 >>"$work/bench.log"
sleep 0.5
ls -l session.*.resp
