#!/bin/sh
# Version:   ModelContextProtocol 2.4.0 (NuGet), on .NET 10
# Behaviour: a server with tools, asked for tools/list with a cursor that it never gave, answers an empty list and no error. The protocol
#            wants -32602 for an invalid cursor. A client that kept a cursor over a restart sees a server without tools.
# Seen:      without a cursor: tools 1, error none
#            with a cursor that was never given: tools 0, error none
# Fails when one of the answers is another one. Takes about half a minute in a temporary folder; needs the SDK of .NET 10.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >cursor.csproj <<'XML'
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
using ModelContextProtocol.Server;

var toServer = new Pipe();
var fromServer = new Pipe();
var builder = Host.CreateEmptyApplicationBuilder(null);
builder.Services.AddMcpServer().WithTools<Tools>().WithStreamServerTransport(toServer.Reader.AsStream(), fromServer.Writer.AsStream());
using var host = builder.Build();
await host.StartAsync();
await using var writer = new StreamWriter(toServer.Writer.AsStream()) { AutoFlush = true };
using var reader = new StreamReader(fromServer.Reader.AsStream());
await AskAsync("""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"c","version":"1"}}}""");
await writer.WriteLineAsync("""{"jsonrpc":"2.0","method":"notifications/initialized"}""");
Show("without a cursor", await AskAsync("""{"jsonrpc":"2.0","id":2,"method":"tools/list","params":{}}"""));
Show("with a cursor that was never given", await AskAsync("""{"jsonrpc":"2.0","id":3,"method":"tools/list","params":{"cursor":"page-2"}}"""));

async Task<JsonNode> AskAsync(string message)
{
    await writer.WriteLineAsync(message);
    return JsonNode.Parse((await reader.ReadLineAsync())!)!;
}

static void Show(string how, JsonNode answer) =>
    Console.WriteLine($"{how}: tools {answer["result"]?["tools"]?.AsArray().Count ?? 0}, error {answer["error"]?["code"]?.ToString() ?? "none"}");

[McpServerToolType]
internal sealed class Tools
{
    [McpServerTool(Name = "look")]
    public static string Look() => "seen";
}
CS
dotnet run >seen 2>log || { cat log seen; exit 1; }
cat seen
cat >expected <<'TEXT'
without a cursor: tools 1, error none
with a cursor that was never given: tools 0, error none
TEXT
cmp -s seen expected
