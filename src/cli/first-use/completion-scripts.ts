import type { Shell } from "./shells.ts";

/** Each asks `warren completion SHELL -- WORDS` and, where nothing comes, offers files. */
export const SCRIPTS: { readonly [shell in Shell]: string } = {
  bash: `# eval "$(warren completion bash)", in ~/.bashrc
_warren() {
  local IFS=$'\\n'
  COMPREPLY=($(warren completion bash -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _warren warren
`,
  zsh: `#compdef warren
# eval "$(warren completion zsh)", in ~/.zshrc after compinit; or as the file _warren in a folder of $fpath
_warren() {
  local -a found
  found=(\${(f)"$(warren completion zsh -- "\${(@)words[2,CURRENT]}" 2>/dev/null)"})
  if (( $#found )); then compadd -- $found; else _files; fi
}
if [[ $funcstack[1] == _warren ]]; then _warren "$@"; else compdef _warren warren; fi
`,
  fish: `# warren completion fish > ~/.config/fish/completions/warren.fish
function __warren_complete
    set -l before (commandline -opc)
    set -l current (commandline -ct)
    set -l found (warren completion fish -- $before[2..-1] "$current" 2>/dev/null)
    if test (count $found) -gt 0
        printf '%s\\n' $found
    else
        __fish_complete_path "$current"
    end
end
complete -c warren -f -a '(__warren_complete)'
`,
  powershell: `# warren completion powershell | Out-String | Invoke-Expression, in $PROFILE
Register-ArgumentCompleter -Native -CommandName warren -ScriptBlock {
  param($word, $ast, $cursor)
  $before = @($ast.CommandElements | Select-Object -Skip 1 | Where-Object { $_.Extent.EndOffset -lt $cursor } | ForEach-Object { $_.ToString() })
  $current = if ($word -eq '') { '""' } else { $word }
  warren completion powershell '--' @before $current 2>$null | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }
}
`,
};
