#!/bin/sh
# Stands for an agent: reads its brief from standard input and changes add.sh as far as the brief lets it see what is wrong.
brief=$(cat)
write() {
  printf '#!/bin/sh\n# Adds two numbers.\n%s\n' "$1" > add.sh
}

case $brief in
  *"0 + 7 should be 7"*)
    echo "The gate says that zero is wrong, too: it is added now like any other number."
    write 'echo $(($1 + $2))'
    ;;
  *"2 + 3 should be 5"*)
    echo "The gate says that 2 + 3 is wrong: plus instead of times. Zero stays a case of its own."
    write 'if [ "$1" = 0 ]; then echo 0; else echo $(($1 + $2)); fi'
    ;;
  *)
    echo "It subtracts; it should not. Now it multiplies."
    write 'echo $(($1 * $2))'
    ;;
esac
