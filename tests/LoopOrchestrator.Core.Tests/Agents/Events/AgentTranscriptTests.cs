using LoopOrchestrator.Core.Agents.Presets;
using LoopOrchestrator.Core.Agents.Results;

namespace LoopOrchestrator.Core.Tests.Agents.Events;

// The shapes are those that the programs printed when each called a shell, then a file that is not there, and then answered.
public sealed class AgentTranscriptTests
{
    public static TheoryData<string, string, string> Events =>
        new()
        {
            {
                "claude qwen",
                """{"type":"assistant","message":{"content":[{"type":"thinking","text":"x"},{"type":"text","text":"I look.\nThen I write."}]}}""",
                "assistant  I look.\n           Then I write.\n"
            },
            {
                "claude qwen",
                """{"type":"assistant","message":{"content":[{"type":"tool_use","name":"Bash","input":{"command":"echo hi","description":"hi"}}]}}""",
                "tool       Bash echo hi\n"
            },
            {
                "claude qwen",
                """{"type":"user","message":{"content":[{"type":"tool_result","content":[{"type":"text","text":"not there"}],"is_error":true}]}}""",
                "failed     not there\n"
            },
            {
                "claude",
                """{"type":"system","subtype":"api_retry","error_status":401,"error":"authentication_failed"}""",
                "error      authentication_failed (401)\n"
            },
            {
                "claude qwen",
                """{"type":"result","subtype":"success","is_error":false,"num_turns":3,"result":"done","total_cost_usd":0.0123}""",
                "assistant  done\nend        success, 3 turns, $0.0123\n"
            },
            {
                "claude qwen",
                """{"type":"result","subtype":"error_during_execution","is_error":true,"result":"lost"}""",
                "end        error_during_execution, lost\n"
            },
            {
                "codex",
                """{"type":"item.started","item":{"type":"command_execution","command":"bash -lc 'echo hi'","status":"in_progress"}}""",
                "tool       command bash -lc 'echo hi'\n"
            },
            {
                "codex",
                """{"type":"item.completed","item":{"type":"command_execution","aggregated_output":"hi\n","exit_code":1}}""",
                "failed     hi\n"
            },
            {
                "codex",
                """{"type":"item.completed","item":{"type":"file_change","changes":[{"path":"a.md","kind":"add"},{"path":"b","kind":"update"}]}}""",
                "tool       add a.md\ntool       update b\n"
            },
            {
                "codex",
                """{"type":"item.started","item":{"type":"mcp_tool_call","tool":"complete_run","arguments":{"summary":"did it"}}}""",
                "tool       complete_run did it\n"
            },
            { "codex", """{"type":"item.completed","item":{"type":"agent_message","text":"all done"}}""", "assistant  all done\n" },
            { "codex", """{"type":"turn.failed","error":{"message":"no"}}""", "end        failed: no\n" },
            {
                "opencode kilo",
                """{"type":"tool_use","part":{"tool":"bash","state":{"status":"completed","input":{"command":"ls"},"output":"a\nb\n"}}}""",
                "tool       bash ls\nresult     a\n           b\n"
            },
            {
                "opencode kilo",
                """{"type":"tool_use","part":{"tool":"read","state":{"status":"error","input":{"filePath":"/x"},"error":"not there"}}}""",
                "tool       read /x\nfailed     not there\n"
            },
            {
                "opencode kilo",
                """{"type":"error","error":{"name":"APIError","data":{"message":"no key","statusCode":401}}}""",
                "error      no key (401)\n"
            },
            { "opencode kilo", """{"type":"step_finish","part":{"reason":"length"}}""", "end        length\n" },
            {
                "gemini",
                """{"type":"tool_use","tool_name":"run_shell_command","parameters":{"command":"ls"}}""",
                "tool       run_shell_command ls\n"
            },
            { "gemini", """{"type":"tool_result","status":"error","error":{"message":"denied"}}""", "failed     denied\n" },
            { "gemini", """{"type":"result","status":"success"}""", "end        success\n" },
            {
                "cline",
                """{"type":"agent_event","event":{"type":"content_start","contentType":"tool","toolName":"run","input":{"commands":["ls","-a"]}}}""",
                "tool       run ls -a\n"
            },
            {
                "cline",
                """{"type":"agent_event","event":{"type":"content_end","contentType":"tool","output":[{"result":"a\n"},{"result":"","error":"no"}]}}""",
                "result     a\n           \n           no\n"
            },
            { "cline", """{"type":"agent_event","event":{"type":"error","error":{"message":"refused"}}}""", "error      refused\n" },
            {
                "copilot",
                """{"type":"tool.execution_start","data":{"toolName":"bash","arguments":{"command":"ls"}}}""",
                "tool       bash ls\n"
            },
            { "copilot", """{"type":"tool.execution_complete","data":{"success":true,"result":{"content":"a"}}}""", "result     a\n" },
            {
                "copilot",
                """{"type":"model.call_failure","data":{"errorMessage":"refused","statusCode":500}}""",
                "error      refused (500)\n"
            },
            { "copilot", """{"type":"result","exitCode":1}""", "end        exit code 1\n" },
        };

    [Theory]
    [MemberData(nameof(Events))]
    public void Add_EventOfAProgram_IsInWords(string presets, string line, string expected)
    {
        foreach (var preset in presets.Split(' '))
        {
            var transcript = Of(preset);

            (transcript.Add(line + "\n") + transcript.End()).Should().Be(expected, preset);
            transcript.LeftOut.Should().Be(0);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(10_000)]
    public void Add_PartsThatEndAnywhere_GiveTheSameText(int length)
    {
        const string output = """
            warning: on standard error
            {"type":"init","session_id":"s"}
            {"type":"message","role":"assistant","content":"I wri","delta":true}
            {"type":"message","role":"assistant","content":"te\nit ","delta":true}
            {"type":"tool_use","tool_name":"write_file","parameters":{"content":"long","file_path":"a.txt"}}
            {broken
            {"type":"message","role":"assistant","content":"done","delta":true}
            """;
        var transcript = Of("gemini");

        var text = string.Concat(output.Chunk(length).Select(part => transcript.Add(new string(part)))) + transcript.End();

        text.Should()
            .Be(
                """
                warning: on standard error
                assistant  I write
                           it 
                tool       write_file a.txt
                {broken
                assistant  done

                """.ReplaceLineEndings("\n")
            );
        transcript.LeftOut.Should().Be(1, "the beginning of a session has nothing to read in it");
    }

    [Fact]
    public void Add_ResultThatRepeatsTheLastMessage_HasItOnce()
    {
        var transcript = Of("cline");

        transcript
            .Add("""{"type":"agent_event","event":{"type":"content_end","contentType":"text","text":"done "}}""" + "\n")
            .Should()
            .Be("assistant  done\n");
        transcript.Add("""{"type":"run_result","finishReason":"completed","text":"done"}""" + "\n").Should().Be("end        completed\n");
    }

    [Fact]
    public void Add_LongResult_IsCutAndSaysSo()
    {
        var transcript = Of("claude");
        var lines = string.Join("\\n", Enumerable.Range(1, 50));

        var text = transcript.Add($$$"""{"type":"user","message":{"content":[{"type":"tool_result","content":"{{{lines}}}"}]}}""" + "\n");

        text.Should().Contain("12\n           [38 more lines]\n").And.NotContain("13");
    }

    [Fact]
    public void Add_EventLongerThanALine_IsReadAsFarAsItGoesAndALongLineIsCounted()
    {
        var transcript = Of("claude");
        var message =
            $$$"""{"type":"assistant","message":{"content":[{"type":"text","text":"begins {{{new string('x', 2_000_000)}}}"}]}}""";

        transcript.Add(message + "\n").Should().StartWith("assistant  begins xxx").And.EndWith("x\n");
        transcript.Add(new string('y', 3_000_000) + "\n").Should().BeEmpty();
        transcript.LeftOut.Should().Be(1);
    }

    [Fact]
    public void Add_OfAProgramWithoutEvents_IsAsItWasPrinted()
    {
        var transcript = new AgentTranscript(preset: null);

        (transcript.Add("{\"type\":\"result\"}\nhalf") + transcript.End()).Should().Be("{\"type\":\"result\"}\nhalf");
    }

    private static AgentTranscript Of(string preset) => new(AgentPresets.Find(preset)!);
}
