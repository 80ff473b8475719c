# The native program for linux-x64, and its archive. All other packages for this platform carry the same bytes.

make_program() { # into $stage/program, with its symbols in $stage/symbols
  local published=$stage/published
  mkdir -p "$stage/program" "$stage/symbols"
  if [ -n "$native" ]; then
    cp -r "$native" "$published"
  elif [[ " $only " =~ \ (native|tool|npm|deb)\  ]]; then
    say 'the native program'
    dotnet publish src/LoopOrchestrator.Mcp -r linux-x64 -o "$published" $(msbuild_arguments)
  else
    return
  fi
  # The compiler's own symbols lie beside the program; users download it without.
  find "$published" -maxdepth 1 -type f \( -name '*.dbg' -o -name '*.pdb' \) -exec cp {} "$stage/symbols/" \;
  find "$published" -maxdepth 1 -type f ! \( -name '*.dbg' -o -name '*.pdb' -o -name '*.xml' \) -exec cp {} "$stage/program/" \;
  chmod 644 "$stage/program"/*
  chmod 755 "$stage/program/loop-orchestrator"
}

make_native() {
  local name=loop-orchestrator-$version-linux-x64
  mkdir -p "$stage/archive/$name/systemd" "$stage/archive/$name-symbols"
  cp -p "$stage/program"/* "$stage/archive/$name/"
  cp -r packaging/systemd/user packaging/systemd/system "$stage/archive/$name/systemd/"
  # The package puts the program into /usr/bin; the folder of an archive is put into /opt (docs/guides/connect-a-client.md).
  sed -i 's|/usr/bin/loop-orchestrator|/opt/loop-orchestrator/loop-orchestrator|' "$stage/archive/$name"/systemd/*/*.service
  documents_into "$stage/archive/$name"
  tar_of "$out/$name.tar.gz" "$stage/archive" "$name"
  cp "$stage/symbols"/* "$stage/archive/$name-symbols/"
  tar_of "$out/$name-symbols.tar.gz" "$stage/archive" "$name-symbols" 6
}

check_native() {
  local folder began program
  folder=$(empty)
  program=$folder/home/loop-orchestrator-$version-linux-x64/loop-orchestrator
  began=$(date +%s.%N)
  tar -C "$folder/home" -xzf "$out/loop-orchestrator-$version-linux-x64.tar.gz"
  first_answer 'archive for linux-x64' "$(since "$began")" "$folder" "$program"
  ! grep -rn '/usr/bin/' "$folder/home/loop-orchestrator-$version-linux-x64/systemd" ||
    fail 'a unit of the archive starts the program of the package'
  # No program on PATH but those of every system: it needs no runtime.
  (cd "$folder/project" && env -i HOME="$folder/home" PATH=/usr/bin:/bin "$program" --info >/dev/null) ||
    fail '--info does not say that it would start'
}
