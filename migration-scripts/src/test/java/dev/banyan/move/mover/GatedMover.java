package dev.banyan.move.mover;

import dev.banyan.move.plan.PlanReader;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** A mover in a process of its own, to be killed: it says when its switch has come to a step, and waits there for ever. */
final class GatedMover {

  private GatedMover() {}

  /** Takes the plan's file and the step's name. */
  public static void main(String[] arguments) throws Exception {
    try (Workspace space = new Workspace(PlanReader.read(Path.of(arguments[0]), Map.of()))) {
      new Mover(space, System.out::println, step -> {
        if (step.name().equals(arguments[1])) {
          System.out.println("AT " + step.name());
          new CountDownLatch(1).await();
        }
      }).run();
    }
  }
}
