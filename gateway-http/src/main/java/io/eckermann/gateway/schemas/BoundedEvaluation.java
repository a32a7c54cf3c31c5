package io.eckermann.gateway.schemas;

import com.networknt.schema.ExecutionContext;

/** One comparison of a payload with a schema, which ends when it takes too many steps, or goes too deep. */
final class BoundedEvaluation extends ExecutionContext {
    private static final int DEPTH_MAX = 1_500;

    private final Steps steps;
    private int depth;

    /** @param first whether to stop at the first fault */
    BoundedEvaluation(boolean first, Steps steps) {
        this.steps = steps;
        setFailFast(first);
    }

    @Override
    public void evaluationPathAddLast(String name) {
        step();
        super.evaluationPathAddLast(name);
    }

    @Override
    public void evaluationPathAddLast(int index) {
        step();
        super.evaluationPathAddLast(index);
    }

    private void step() {
        steps.take();
        depth++;
        if (depth > DEPTH_MAX) {
            throw new Steps.ExceededException();
        }
    }

    @Override
    public void evaluationPathRemoveLast() {
        depth--;
        super.evaluationPathRemoveLast();
    }
}
