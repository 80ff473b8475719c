# Handing a version to the registries, by their own clients and with what these are signed in with.

refuse_publishing() { # what a publisher has to settle first, before anything is built
  local placeholders
  placeholders=$(grep -rl OWNER packaging .github 2>/dev/null | LC_ALL=C sort) || true
  [ -z "$placeholders" ] || fail "OWNER is a placeholder for whoever publishes; it stands in:"$'\n'"$placeholders"
  [ -z "$(git status --porcelain)" ] || fail 'what is published is committed first'
  git describe --tags --exact-match --match 'v[0-9]*' >/dev/null 2>&1 || fail 'what is published has a tag: git tag v…'
  [ -z "$native" ] || fail 'what is published is built here, and not given'
  [ "$only" = "$parts" ] || fail 'what is published is published whole'
  [ -n "${NUGET_SOURCE:-}" ] && [ -n "${NUGET_API_KEY:-}" ] ||
    fail 'NUGET_SOURCE and NUGET_API_KEY say where the tool goes, and who sends it'
}

publish_all() {
  local package
  # The package that names the others goes last: whoever finds it finds them.
  for package in linux-x64 any; do
    dotnet nuget push "$out/loop-orchestrator.$package.$version.nupkg" --source "$NUGET_SOURCE" --api-key "$NUGET_API_KEY"
  done
  dotnet nuget push "$out/loop-orchestrator.$version.nupkg" --source "$NUGET_SOURCE" --api-key "$NUGET_API_KEY"
  npm publish "$out/loop-orchestrator-$version.tgz"
  say 'the archives, the Debian package, SHA256SUMS and RELEASE-NOTES.md go to the release of the tag'
}
