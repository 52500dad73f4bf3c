package dev.banyan.move.stream;

/**
 * A statement of the applier that has not been answered yet.
 *
 * @param backend the process of the server that carries it out
 * @param call a number of its own; the next statement has another one
 */
record AnswerAwaited(int backend, long call) {}
