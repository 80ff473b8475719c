# What is in the program, by a tool that reads what was restored, and the notices that its licences ask for.

make_sbom() {
  say 'what is in it'
  # With the packages of the runtime that go into a program for one platform.
  dotnet restore src/LoopOrchestrator.Mcp -p:RuntimeIdentifier=linux-x64 -v q
  (cd tools/Release && dotnet tool restore --tool-manifest dotnet-tools.json >/dev/null)
  (cd tools/Release && dotnet CycloneDX "$clone/src/LoopOrchestrator.Mcp/LoopOrchestrator.Mcp.csproj" --disable-package-restore \
    --base-intermediate-output-path "$clone/artifacts" --exclude-dev --no-serial-number --set-name loop-orchestrator \
    --set-version "$version" --output-format Json --output "$stage" --filename restored.json) >"$work/cyclonedx.log" ||
    { cat "$work/cyclonedx.log" >&2; fail 'no bill of materials'; }
  node "$here/sbom.mjs" "$stage/restored.json" packaging/licences "$(packages_folder)" "$(runtime_version)" \
    "$stage/sbom.json" "$stage/THIRD-PARTY-NOTICES.txt"
  cp "$stage/sbom.json" "$out/loop-orchestrator-$version.cdx.json"
  with_version packaging/server.json >"$stage/server.json"
}

packages_folder() { dotnet nuget locals global-packages --list | sed 's/^[^:]*: *//'; }

runtime_version() { dotnet msbuild src/LoopOrchestrator.Mcp -getProperty:BundledNETCoreAppPackageVersion; }
