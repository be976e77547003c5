#!/bin/sh
# Runs Node with these arguments: the machine's own where it is new enough, else the pinned one. Node takes the place of
# this shell, so that signals reach the program itself, and what the program starts finds the same Node on PATH.
folder=$(node "${0%/*}/pinned-node.js") || exit
if [ -n "$folder" ]; then
  PATH="$folder:$PATH"
  export PATH
fi
exec node "$@"
