#!/bin/sh
# Says in one line for each case whether add.sh is right, and ends with 1 at the first that is not.
check() { # A B SUM
  sum=$(sh ./add.sh "$1" "$2" 2>&1)
  if [ "$sum" != "$3" ]; then
    echo "WRONG: $1 + $2 should be $3 and is '$sum'"
    exit 1
  fi

  echo "ok: $1 + $2 = $3"
}

check 2 3 5
check 0 7 7
check -4 4 0
