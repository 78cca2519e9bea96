#!/bin/bash
# Succeeds if /readyz answers 200. It starts no Node: that would take the CPU of hundreds of requests
# each time. The base image has bash, and neither curl nor wget.
exec 3<>"/dev/tcp/127.0.0.1/${PORT:-4000}" || exit 1
printf 'GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
read -r -t 4 _ status _ <&3
[ "$status" = 200 ]
