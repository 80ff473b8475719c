#!/bin/sh
# Version:   Cronos 0.13.0 (NuGet), on .NET 10
# Behaviour: GetPreviousOccurrence, asked on the first day of a month that the expression names, at a time before the first one of that
#            day, gives the last day of the month before, although the expression does not name that month. GetNextOccurrence asked
#            for the same moment does not take it for an occurrence. Asked in any other place, both directions agree.
# Seen:      30 23 * 2 * before 2026-02-01T13:35: 2026-01-31T23:30, which is no occurrence
#            0 9 * 3-11 * before 2026-03-01T08:00: 2026-02-28T09:00, which is no occurrence
#            0 9 1 3-11 * before 2026-03-01T08:00: 2025-11-01T09:00, which is an occurrence
# Fails when one of the answers is another one. Takes about half a minute in a temporary folder; needs the SDK of .NET 10.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >previous.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Cronos" Version="[0.13.0]" />
  </ItemGroup>
</Project>
XML
cat >Program.cs <<'CS'
using Cronos;

foreach (var (text, before) in new[]
{
    ("30 23 * 2 *", new DateTime(2026, 2, 1, 13, 35, 0, DateTimeKind.Utc)),
    ("0 9 * 3-11 *", new DateTime(2026, 3, 1, 8, 0, 0, DateTimeKind.Utc)),
    ("0 9 1 3-11 *", new DateTime(2026, 3, 1, 8, 0, 0, DateTimeKind.Utc)),
})
{
    var rule = CronExpression.Parse(text);
    var previous = rule.GetPreviousOccurrence(before)!.Value;
    var isOccurrence = rule.GetNextOccurrence(previous, inclusive: true) == previous;
    var which = isOccurrence ? "an" : "no";
    Console.WriteLine($"{text} before {before:yyyy-MM-ddTHH:mm}: {previous:yyyy-MM-ddTHH:mm}, which is {which} occurrence");
}
CS
dotnet run >seen 2>log || { cat log seen; exit 1; }
cat seen
cat >expected <<'TEXT'
30 23 * 2 * before 2026-02-01T13:35: 2026-01-31T23:30, which is no occurrence
0 9 * 3-11 * before 2026-03-01T08:00: 2026-02-28T09:00, which is no occurrence
0 9 1 3-11 * before 2026-03-01T08:00: 2025-11-01T09:00, which is an occurrence
TEXT
cmp -s seen expected
