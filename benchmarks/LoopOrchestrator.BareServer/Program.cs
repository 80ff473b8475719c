using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ModelContextProtocol;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

// The least that a server on the SDK does: tools that work nothing out and return what stands in a file, the result of a tools/call.
if (args is not ["stdio" or "http", var folder] || !Directory.Exists(folder))
{
    await Console.Error.WriteLineAsync("usage: bare-server stdio|http FOLDER, with a file NAME.json for each tool");
    return 2;
}

var form = (JsonTypeInfo<CallToolResult>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(CallToolResult));
var tools = Directory
    .EnumerateFiles(folder, "*.json")
    .Select(file =>
    {
        var answer = JsonSerializer.Deserialize(File.ReadAllText(file), form)!;
        return McpServerTool.Create(
            () => answer,
            new McpServerToolCreateOptions
            {
                Name = Path.GetFileNameWithoutExtension(file),
                SerializerOptions = McpJsonUtilities.DefaultOptions,
            }
        );
    })
    .ToList();
if (args[0] == "stdio")
{
    var builder = Host.CreateEmptyApplicationBuilder(null);
    builder.Services.AddMcpServer().WithStdioServerTransport().WithTools(tools);
    await builder.Build().RunAsync();
    return 0;
}

var web = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
web.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
web.Services.AddRoutingCore();
web.Services.AddMcpServer()
    .WithHttpTransport(static options => options.SessionMode = HttpServerSessionMode.StatefulForInitializeClients)
    .WithTools(tools);
var app = web.Build();
app.UseRouting();
app.MapMcp("/mcp");
await app.StartAsync();
var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
await Console.Error.WriteLineAsync($"Listening on {address}");
await app.WaitForShutdownAsync();
return 0;
