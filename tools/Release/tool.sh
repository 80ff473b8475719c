# The .NET tool: a package that names the others, the native program for linux-x64, and one for every platform that has the runtime.

make_tool() {
  local arguments=($(msbuild_arguments) -p:ToolPackage=true "-p:ReleaseStage=$stage" -o "$out")
  dotnet restore src/LoopOrchestrator.Mcp -p:RuntimeIdentifier=linux-x64 -p:ToolPackage=true -v q
  # Packed as it was published: no second compilation, and the same bytes as in the archive.
  dotnet pack src/LoopOrchestrator.Mcp --no-build -r linux-x64 "${arguments[@]}" -p:IsPublishable=false "-p:PublishDir=$stage/program/"
  dotnet pack src/LoopOrchestrator.Mcp -r any "${arguments[@]}"
  dotnet restore src/LoopOrchestrator.Mcp -p:ToolPackage=true -v q
  dotnet pack src/LoopOrchestrator.Mcp --no-build "${arguments[@]}"
}

check_tool() {
  local folder began types
  types=$(unzip -p "$out/loop-orchestrator.$version.nupkg" loop-orchestrator.nuspec)
  [[ $types == *'name="McpServer"'* ]] || fail 'the package is not typed as an MCP server'
  unzip -p "$out/loop-orchestrator.$version.nupkg" .mcp/server.json | cmp - "$stage/server.json" ||
    fail 'the package has another server.json'

  folder=$(empty)
  began=$(date +%s.%N)
  (cd "$folder" && alone "$folder" dotnet tool install loop-orchestrator --version "$version" --tool-path "$folder/tools" \
    --source "$out") >&2
  first_answer '.NET tool, native' "$(since "$began")" "$folder" "$folder/tools/loop-orchestrator"

  folder=$(empty)
  first_answer '.NET tool by dnx' 'installed by its start' "$folder" dotnet dnx "loop-orchestrator@$version" --yes --source "$out" --

  # The one for other platforms: `dotnet tool install` takes it where the first does not fit, which is nowhere on this machine.
  folder=$(empty)
  unzip -q "$out/loop-orchestrator.any.$version.nupkg" -d "$folder/home"
  first_answer '.NET tool, portable' 'unpacked' "$folder" dotnet "$folder/home/tools/net10.0/any/loop-orchestrator.dll"
}
