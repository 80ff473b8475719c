namespace LoopOrchestrator.Core.Timing.Rows;

/// <summary>The start rows that nothing has closed so far, wherever they are kept.</summary>
internal abstract class OpenStarts
{
    /// <summary>The open start with this id, which is not empty.</summary>
    public abstract OpenStart? Find(string taskId);

    /// <summary>Takes a start whose id is not open, or one without an id.</summary>
    public abstract void Add(TimingEntry start);

    /// <summary>Forgets the start with this id: it is closed.</summary>
    public abstract void Remove(string taskId);
}
