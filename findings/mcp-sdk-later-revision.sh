#!/bin/sh
# Version:   ModelContextProtocol 2.4.0 (NuGet), on .NET 10
# Behaviour: a server that is asked by initialize for a revision that it does not know, later than all that it knows, answers with an
#            error and names no revision that it has. The protocol wants an offer: a result with the latest revision of the server, which
#            the client may take. A client that is newer than the server cannot connect, although both have revisions in common.
# Seen:      2025-06-18: offered 2025-06-18, error none
#            2099-01-01: offered none, error -32022
# Fails when one of the answers is another one. Takes about half a minute in a temporary folder; needs the SDK of .NET 10.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >revision.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="ModelContextProtocol" Version="[2.4.0]" />
    <PackageReference Include="Microsoft.Extensions.Hosting" Version="[10.0.10]" />
  </ItemGroup>
</Project>
XML
cat >Program.cs <<'CS'
using System.IO.Pipelines;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

foreach (var revision in new[] { "2025-06-18", "2099-01-01" })
{
    var toServer = new Pipe();
    var fromServer = new Pipe();
    var builder = Host.CreateEmptyApplicationBuilder(null);
    builder.Services.AddMcpServer().WithStreamServerTransport(toServer.Reader.AsStream(), fromServer.Writer.AsStream());
    using var host = builder.Build();
    await host.StartAsync();
    await using var writer = new StreamWriter(toServer.Writer.AsStream()) { AutoFlush = true };
    using var reader = new StreamReader(fromServer.Reader.AsStream());
    const string message = """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"REVISION","capabilities":{},"clientInfo":{"name":"c","version":"1"}}}""";
    await writer.WriteLineAsync(message.Replace("REVISION", revision));
    var answer = JsonNode.Parse((await reader.ReadLineAsync())!)!;
    Console.WriteLine(
        $"{revision}: offered {answer["result"]?["protocolVersion"]?.ToString() ?? "none"}, error {answer["error"]?["code"]?.ToString() ?? "none"}"
    );
}
CS
dotnet run >seen 2>log || { cat log seen; exit 1; }
cat seen
cat >expected <<'TEXT'
2025-06-18: offered 2025-06-18, error none
2099-01-01: offered none, error -32022
TEXT
cmp -s seen expected
