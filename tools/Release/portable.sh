# Archives with the runtime in them, for platforms that cannot be compiled natively from here. They are built and not run; the same form
# for this machine is built too, to be run.

make_portable() {
  local runtime
  for runtime in linux-arm64 osx-arm64 win-x64; do
    if self_contained "$runtime"; then
      self_contained_archive "$runtime"
    else
      echo "archive for $runtime: left out, its packs cannot be had here" >>"$report"
    fi
  done
}

self_contained() { # RUNTIME: into $stage/RUNTIME
  dotnet restore src/LoopOrchestrator.Mcp "-p:RuntimeIdentifier=$1" -p:PublishAot=false -p:PublishReadyToRun=true -v q || return 1
  dotnet publish src/LoopOrchestrator.Mcp --no-restore -r "$1" -o "$stage/$1" --self-contained -p:PublishAot=false \
    -p:PublishSingleFile=true -p:PublishReadyToRun=true -p:PublishReadyToRunComposite=false $(msbuild_arguments) ||
    fail "the program for $1 cannot be built"
}

self_contained_archive() { # RUNTIME
  local name=loop-orchestrator-$version-$1
  mkdir -p "$stage/archive/$name"
  cp -p "$stage/$1"/* "$stage/archive/$name/"
  rm -f "$stage/archive/$name"/*.xml "$stage/archive/$name"/*.pdb
  documents_into "$stage/archive/$name"
  if [[ $1 == win-* ]]; then
    same_times "$stage/archive/$name"
    (cd "$stage/archive" && find "$name" | LC_ALL=C sort | TZ=UTC zip -q -X "$out/$name.zip" -@)
  else
    tar_of "$out/$name.tar.gz" "$stage/archive" "$name"
  fi
}

check_portable() {
  local folder
  cd "$clone"
  self_contained linux-x64
  folder=$(empty)
  first_answer 'self-contained form, for this machine' 'built' "$folder" "$stage/linux-x64/loop-orchestrator"
}
