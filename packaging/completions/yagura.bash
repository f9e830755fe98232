# Completion of yagura for bash: source this file, or install it as
# /usr/share/bash-completion/completions/yagura. Commands, options and vendors come from the program.
_yagura() {
  local program=${COMP_WORDS[0]} current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
  local command=${COMP_WORDS[1]} verb="" words
  COMPREPLY=()
  [[ $command == feeds && ${COMP_WORDS[2]} == test && $COMP_CWORD -gt 2 ]] && verb=test
  [[ ($command == level || $command == alerts) && $COMP_CWORD -gt 2 ]] && verb=${COMP_WORDS[2]}
  if [ "$COMP_CWORD" -eq 1 ]; then
    words="$("$program" --help 2>/dev/null | sed -n '/^Subcommands:/,$s/^  \([a-z]*\) .*/\1/p') --help"
  elif [[ $previous == --vendor || $previous == --as || ($verb == test && $previous == test && $current != -*) ]]; then
    words=$("$program" feeds --markdown 2>/dev/null | sed -n 's/^| `\([a-z0-9]*\)`.*/\1/p')
  elif [[ $current == -* ]]; then
    words=$("$program" "$command" $verb --help 2>/dev/null | grep -oE -- '^ +(-h,)?--[a-z-]+' | grep -oE -- '--[a-z-]+')
  elif [[ $COMP_CWORD -eq 2 && $command == feeds ]]; then
    words=test
  elif [[ $COMP_CWORD -eq 2 && $command == bench && -n $current ]] && [[ compare == "$current"* ]]; then
    words=compare
  elif [[ $COMP_CWORD -eq 2 && $command == level ]]; then
    words="add list remove"
  elif [[ $COMP_CWORD -eq 2 && $command == alerts ]]; then
    words="list show ack unack silence silences unsilence resend export test"
  else
    compopt -o default
    return
  fi
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}
complete -F _yagura yagura
