// Each script only asks the program, with the words that were typed, and shows what it answers: what there is to complete
// is known in one place. A line that is ":files" asks for the names of files too.

/** For bash 3.2 (as macOS has it) and later. The program reads the line itself and quotes its answers. */
export const bashScript = `# entra-auth-cli: completion for bash
_entra_auth_cli() {
  local line files=
  COMPREPLY=()
  while IFS= read -r line; do
    case $line in
      :files) files=1 ;;
      ?*) COMPREPLY[\${#COMPREPLY[@]}]=$line ;;
    esac
  done <<<"$(COMP_LINE=$COMP_LINE COMP_POINT=$COMP_POINT command entra-auth-cli __complete bash "=$2" 2>/dev/null)"
  # bash 3.2 has no compopt, and offers files where there is nothing else.
  [ -n "$files" ] || compopt +o default +o bashdefault 2>/dev/null || :
}
complete -o default -o bashdefault -F _entra_auth_cli entra-auth-cli
`

/** For zsh 5: to be evaluated, or as _entra-auth-cli in a folder of fpath. */
export const zshScript = `#compdef entra-auth-cli
# entra-auth-cli: completion for zsh
_entra_auth_cli() {
  local -a before answers
  local answer files= ret=1
  before=("\${(@Q)words[2,CURRENT-1]}")
  for answer in "\${(@f)$(command entra-auth-cli __complete zsh "=\${(Q)PREFIX}" "\${before[@]}" 2>/dev/null)}"; do
    case $answer in
      :files) files=1 ;;
      ?*) answers+=("$answer") ;;
    esac
  done
  if (( \${#answers} )); then
    _describe -V entra-auth-cli answers && ret=0
  fi
  if [[ -n $files ]]; then
    compset -P '--[^=]#='
    _files && ret=0
  fi
  return ret
}
if [[ \${funcstack[1]} == _entra-auth-cli ]]; then
  _entra_auth_cli "$@"
else
  (( \${+functions[compdef]} )) || { autoload -Uz compinit && compinit -i }
  compdef _entra_auth_cli entra-auth-cli
fi
`

/** For fish 3 and later. */
export const fishScript = `# entra-auth-cli: completion for fish
function __entra_auth_cli_complete
    set -l before (commandline -opc)
    set -l current (commandline -ct)
    set -e before[1]
    for answer in (command entra-auth-cli __complete fish "=$current" $before 2>/dev/null)
        if test "$answer" = :files
            set -l flag (string match -r -- '^--[^=]+=' "$current"; or echo '')
            printf '%s\\n' $flag(__fish_complete_path (string replace -r -- '^--[^=]+=' '' "$current"))
        else
            printf '%s\\n' $answer
        end
    end
end
complete -c entra-auth-cli -f -a '(__entra_auth_cli_complete)'
`

/** For PowerShell 7 and Windows PowerShell 5.1, which offers files by itself where it is answered nothing. */
export const pwshScript = `# entra-auth-cli: completion for PowerShell
Register-ArgumentCompleter -Native -CommandName entra-auth-cli -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $before = @($commandAst.CommandElements | Select-Object -Skip 1 | Where-Object {
        $_.Extent.EndOffset -lt $cursorPosition
    } | ForEach-Object {
        if ($_ -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $_.Value } else { $_.Extent.Text }
    })
    $answers = @(& entra-auth-cli __complete pwsh "=$wordToComplete" @before 2>$null)
    foreach ($answer in $answers) {
        $text, $shown, $description = $answer -split ([char]9), 3
        if ($shown) {
            if (-not $description) { $description = $shown }
            [System.Management.Automation.CompletionResult]::new($text, $shown, 'ParameterValue', $description)
        }
    }
}
`
