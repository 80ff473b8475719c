# The npm package: the native program for linux-x64, which npm links to as it is, so that no node stands beside it while it works.

make_npm() {
  local folder=$stage/npm
  mkdir -p "$folder/bin"
  cp -p "$stage/program"/* "$folder/bin/"
  documents_into "$folder"
  with_version packaging/npm/package.json >"$folder/package.json"
  same_times "$folder"
  npm pack "$folder" --pack-destination "$out" --silent >/dev/null
}

check_npm() {
  local folder began
  folder=$(empty)
  began=$(date +%s.%N)
  (cd "$folder/project" && alone "$folder" npm install --offline --no-audit --no-fund "$out/loop-orchestrator-$version.tgz") >&2
  first_answer 'npm package' "$(since "$began")" "$folder" node_modules/.bin/loop-orchestrator
  first_answer 'npm package by npx' 'installed before' "$folder" npx --offline loop-orchestrator

  folder=$(empty)
  first_answer 'npm package by npx, from the file alone' 'installed by its start' "$folder" \
    npx --offline --yes --package "$out/loop-orchestrator-$version.tgz" loop-orchestrator
}
