# Completion of yagura for bash: source this file, or install it as
# /usr/share/bash-completion/completions/yagura. Commands and options come from --help.
_yagura() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]} words
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    words="$("${COMP_WORDS[0]}" --help 2>/dev/null | sed -n '/^Subcommands:/,$s/^  \([a-z]*\) .*/\1/p') --help"
  elif [[ $previous == --vendor || $previous == --as ]]; then
    words="native gmo yahoo"
  elif [[ $current == -* ]]; then
    words=$("${COMP_WORDS[0]}" "$command" --help 2>/dev/null | grep -oE -- '^ +(-h,)?--[a-z-]+' | grep -oE -- '--[a-z-]+')
  else
    compopt -o default
    return
  fi
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}
complete -F _yagura yagura
