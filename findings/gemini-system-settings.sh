#!/bin/sh
# Version:   @google/gemini-cli 0.61.0, on Node.js 20 or newer
# Behaviour: the file that GEMINI_CLI_SYSTEM_DEFAULTS_PATH names is passed over, with a warning on standard error and no other sign, unless it
#            and every folder above it belong to root and cannot be written by group or others. So it works for no user but root, and not
#            for root below a temporary folder: what a caller hands over in it (MCP servers, say) is missing, and the run goes on without.
#            Settings in the folder that GEMINI_CLI_HOME names are read whoever owns it.
# Seen:      system defaults: passed over
#            GEMINI_CLI_HOME: read
# Fails when that is otherwise. Takes about half a minute and 200 MB in a temporary folder; needs npm.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --no-fund --no-audit --loglevel=error @google/gemini-cli@0.61.0 >/dev/null

settings='{"security":{"auth":{"selectedType":"gemini-api-key"}},"mcpServers":{"marker-server":{"command":"true"}}}'
mkdir -p home/.gemini other/.gemini work
echo '{"security":{"auth":{"selectedType":"gemini-api-key"}}}' >home/.gemini/settings.json
echo "$settings" >defaults.json
echo "$settings" >other/.gemini/settings.json
export HOME="$folder/home" GEMINI_API_KEY=x

list() { (cd work && "$@" ../node_modules/.bin/gemini mcp list </dev/null 2>&1); }
result=0
told=$(list env GEMINI_CLI_SYSTEM_DEFAULTS_PATH="$folder/defaults.json") || true
case $told in
  *marker-server*) echo 'system defaults: read'; result=1 ;;
  *'Skipping system defaults file'*) echo 'system defaults: passed over' ;;
  *) echo "system defaults: $told"; result=1 ;;
esac
told=$(list env GEMINI_CLI_HOME="$folder/other") || true
case $told in
  *marker-server*) echo 'GEMINI_CLI_HOME: read' ;;
  *) echo "GEMINI_CLI_HOME: $told"; result=1 ;;
esac
exit $result
