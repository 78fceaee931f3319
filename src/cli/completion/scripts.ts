/** A script for each shell. It asks `rx-candles __complete` what may come next, and offers files where that is nothing. */
export const SCRIPTS = {
  bash: `_rx_candles() {
  COMPREPLY=($(rx-candles __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _rx_candles rx-candles
`,
  zsh: `#compdef rx-candles
_rx_candles() {
  local -a candidates
  candidates=(\${(f)"$(rx-candles __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)"})
  if (( $#candidates )); then compadd -a candidates; else _files; fi
}
compdef _rx_candles rx-candles
`,
  fish: `function __rx_candles
  set -l typed (commandline -opc) (commandline -ct)
  rx-candles __complete -- $typed[2..-1] 2>/dev/null
end
complete -c rx-candles -a '(__rx_candles)'
`,
} as const;

export type Shell = keyof typeof SCRIPTS;
