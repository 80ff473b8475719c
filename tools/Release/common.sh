# What all parts of tools/release use.

say() { echo "== $*" >&2; }

fail() { # what stops the release, and no line of a program's own words above it is lost
  echo "tools/release: $*" >&2
  exit 1
}

version_of() { # of the tag, of a program that was given, or a preview of the version that comes next
  local next tag
  next=$(sed -n 's:.*<VersionPrefix>\(.*\)</VersionPrefix>.*:\1:p' Directory.Build.props)
  if [ -n "$native" ]; then
    "$native/loop-orchestrator" --version | sed 's/+.*//'
  elif tag=$(git describe --tags --exact-match --match 'v[0-9]*' 2>/dev/null); then
    [ "${tag#v}" = "$next" ] || fail "the tag is $tag, and VersionPrefix in Directory.Build.props is $next"
    grep -q "^## $next\b" CHANGELOG.md || fail "CHANGELOG.md has no section '## $next'"
    echo "$next"
  else
    echo "$next-dev.$(git rev-list --count HEAD)"
  fi
}

release_notes() { # the section of this version in the log of changes, or what is not released yet
  local section=$version
  grep -q "^## $version\b" CHANGELOG.md || section=Unreleased
  awk -v heading="## $section" '
    index($0, heading) == 1 { on = 1; next }
    on && /^## / { exit }
    on' CHANGELOG.md
}

msbuild_arguments() { # for each build: the version, and nothing in what users get that only developers read
  printf '%s\n' -c Release "-p:Version=$version" -p:RunAnalyzers=false \
    -p:PublishDocumentationFiles=false -p:PublishReferencesDocumentationFiles=false -p:CopyOutputSymbolsToPublishDirectory=false \
    -nologo -v:q
}

with_version() { # FILE: on standard output, with this version where the file has the one that comes next
  local next
  next=$(sed -n 's:.*<VersionPrefix>\(.*\)</VersionPrefix>.*:\1:p' Directory.Build.props)
  sed "s/\"version\": \"$next\"/\"version\": \"$version\"/" "$1"
}

same_times() { # FOLDER: each file as old as the commit
  find "$1" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
}

tar_of() { # FILE.tar.gz FOLDER NAME [LEVEL]: the folder NAME below FOLDER, the same bytes for the same files
  same_times "$2/$3"
  tar -C "$2" --sort=name --owner=0 --group=0 --numeric-owner --format=gnu -cf - "$3" | gzip -n "-${4:-9}" >"$1"
}

documents_into() { # FOLDER: what lies beside the program in every package
  install -m 644 LICENSE "$stage/THIRD-PARTY-NOTICES.txt" packaging/README.md "$1/"
}

empty() { # a new folder, which is the home of whoever installs
  local folder
  folder=$(mktemp -d -p "$work")
  mkdir "$folder/home" "$folder/project"
  echo "$folder"
}

alone() { # FOLDER COMMAND...: with nothing of this user's surroundings but the programs of the machine
  local folder=$1
  shift
  env -i HOME="$folder/home" PATH="$PATH" LANG=C.UTF-8 DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 npm_config_update_notifier=false "$@"
}

first_answer() { # WHAT INSTALLED FOLDER COMMAND...: starts it in FOLDER/project, asks, and adds a line to the report
  local what=$1 installed=$2 folder=$3 answer
  shift 3
  answer=$(cd "$folder/project" && alone "$folder" node "$here/first-answer.mjs" "$version" "$@") || fail "$what did not answer"
  echo "$what: $installed; $answer" >>"$report"
}

since() { # MOMENT: what is told of an installation that began then
  awk -v from="$1" -v to="$(date +%s.%N)" 'BEGIN { printf "installed in %.1f s", to - from }'
}
