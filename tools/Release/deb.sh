# The Debian package: the program, its documents, and the two systemd units, neither of which is enabled.

make_deb() {
  local folder=$stage/deb shown=${version/-/\~}
  local doc=$folder/usr/share/doc/loop-orchestrator
  mkdir -p "$folder/DEBIAN" "$folder/usr/bin" "$folder/usr/lib/loop-orchestrator" "$folder/usr/lib/systemd" "$doc"
  cp -p "$stage/program"/* "$folder/usr/lib/loop-orchestrator/"
  ln -s ../lib/loop-orchestrator/loop-orchestrator "$folder/usr/bin/loop-orchestrator"
  cp -r packaging/systemd/user packaging/systemd/system "$folder/usr/lib/systemd/"
  documents_into "$doc"
  mv "$doc/LICENSE" "$doc/copyright"
  release_notes | gzip -9n >"$doc/changelog.gz"
  chmod -R u=rwX,go=rX "$folder"
  sed "s/@VERSION@/$shown/; s/@SIZE@/$(du -sk --apparent-size "$folder/usr" | cut -f1)/" packaging/debian/control >"$folder/DEBIAN/control"
  same_times "$folder"
  dpkg-deb --build --root-owner-group "$folder" "$out/loop-orchestrator_${shown}_amd64.deb" >/dev/null
  cp packaging/container/Containerfile "$out/"
}

check_deb() {
  local folder began package=$out/loop-orchestrator_${version/-/\~}_amd64.deb
  folder=$(empty)
  began=$(date +%s.%N)
  # Unpacked, and not installed into this machine.
  dpkg -x "$package" "$folder/root"
  first_answer 'Debian package, unpacked' "$(since "$began")" "$folder" "$folder/root/usr/bin/loop-orchestrator"
  if command -v apt-get >/dev/null; then
    apt-get install --simulate --quiet=2 "$package" >&2 || fail 'what the Debian package depends on cannot be had'
  fi
  check_units "$folder/root"
}

check_units() { # ROOT: where the package was unpacked
  local unit runtime=${XDG_RUNTIME_DIR:-$work}
  if ! command -v systemd-analyze >/dev/null; then
    echo 'systemd units: not checked, there is no systemd-analyze' >>"$report"
    return
  fi
  mkdir -p "$work/units"
  for unit in user system; do
    # The program stands where the package was unpacked, and the instance is a folder that is there.
    sed "s|/usr/bin/|$1/usr/bin/|; s|%f|$1|g" "$1/usr/lib/systemd/$unit/loop-orchestrator@.service" >"$work/units/loop-$unit@.service"
    XDG_RUNTIME_DIR=$runtime systemd-analyze "--$unit" verify "$work/units/loop-$unit@.service" >"$work/units/log" 2>&1 ||
      { cat "$work/units/log" >&2; fail "the $unit unit"; }
    ! grep "loop-$unit" "$work/units/log" >&2 || fail "the $unit unit"
  done
  echo 'systemd units: verified by systemd-analyze' >>"$report"
}
