package io.eckermann.statemachine.command;

/** A part of a command that is applied as one, in the command's order. */
public sealed interface Step permits AppendRun, Single {
    /** How many results applying it gives. */
    int results();
}
