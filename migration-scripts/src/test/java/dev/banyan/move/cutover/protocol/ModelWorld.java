package dev.banyan.move.cutover.protocol;

import dev.banyan.control.Extraction;
import dev.banyan.control.Phase;
import dev.banyan.control.client.Owner;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Everything there is in the model: the record, two databases, two movers' memories, and how much may still happen.
 * Clients write to either side at any time, as they would through a proxy that knows nothing new.
 */
final class ModelWorld {

  static final String MODULE = "model";

  /**
   * How much may happen.
   *
   * @param writes by clients, to whatever side
   * @param kills of a mover
   * @param failures of a step, before it has an effect
   * @param overlaps movers that take over while another lives on and has not noticed
   * @param switches begun, in either direction
   */
  record Budget(int writes, int kills, int failures, int overlaps, int switches) {}

  Extraction record = record(Owner.MONOLITH, Phase.IN_SYNC, 1, false);
  final ModelSide monolith;
  final ModelSide service;
  final ModelMover[] movers = {new ModelMover(), new ModelMover()};
  final List<Integer> acknowledged = new ArrayList<>();
  Budget left;
  /** The acts that do nothing, to see that this is noticed. */
  private final Set<String> broken;
  int written;

  ModelWorld(Budget budget, Set<String> broken) {
    this(budget, broken, new ModelSide(), new ModelSide());
    monolith.slot = 0;
    monolith.epoch = 1;
    service.epoch = 1;
    service.fenced = true;
  }

  private ModelWorld(Budget budget, Set<String> broken, ModelSide monolith, ModelSide service) {
    this.broken = broken;
    this.left = budget;
    this.monolith = monolith;
    this.service = service;
  }

  static Extraction record(Owner owner, Phase phase, long epoch, boolean held) {
    return new Extraction(MODULE, phase, owner, epoch, 0, 0, held, Optional.empty(), Optional.empty(), Duration.ZERO);
  }

  ModelSide side(Owner owner) {
    return owner == Owner.MONOLITH ? monolith : service;
  }

  /** Returns the acts of one mover. */
  SwitchActs acts(int mover) {
    ModelActs acts = new ModelActs(this, mover);
    return broken.isEmpty() ? acts : (SwitchActs) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {SwitchActs.class},
        (proxy, method, arguments) -> {
          if (broken.contains(method.getName())) {
            return null;
          }
          try {
            return method.invoke(acts, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        });
  }

  ModelWorld copy() {
    ModelWorld copy = new ModelWorld(left, broken, monolith.copy(), service.copy());
    copy.record = record;
    copy.acknowledged.addAll(acknowledged);
    copy.written = written;
    for (int mover = 0; mover < movers.length; mover++) {
      copy.movers[mover] = movers[mover].copy();
    }
    return copy;
  }

  /** Returns a text that two worlds share only if nothing tells them apart. */
  String key() {
    StringBuilder key = new StringBuilder();
    ModelMover.describe(key, record);
    monolith.describe(key.append('|'));
    service.describe(key.append('|'));
    for (ModelMover mover : movers) {
      mover.describe(key.append('|'));
    }
    return key.append('|').append(acknowledged).append(left).append(written).toString();
  }

  void require(boolean holds, String invariant) {
    if (!holds) {
      throw new AssertionError("Not true: " + invariant);
    }
  }

  /** The invariants of a switch, in every state. */
  void check() {
    require(monolith.fenced || service.fenced, "at most one side accepts writes");
    for (Owner owner : Owner.values()) {
      ModelSide side = side(owner);
      require(new HashSet<>(side.log).size() == side.log.size(), "no write is applied twice to the " + owner.word());
      require(side.fenced || side.log.containsAll(acknowledged), "the %s accepts writes only with every acknowledged one".formatted(owner.word()));
      List<Integer> order = acknowledged.stream().filter(side.log::contains).toList();
      require(side.log.equals(order), "the %s has the writes in the order in which they were acknowledged".formatted(owner.word()));
    }
    for (ModelMover mover : movers) {
      require(mover.life != ModelMover.Life.HALTED, "no mover meets a gap");
    }
  }

  /** What must be true once a mover has been left alone. */
  void checkSettled() {
    Owner owner = record.owner();
    require(!record.held(), "nothing is held");
    require(!side(owner).fenced, "the owner accepts writes");
    require(side(owner.other()).fenced, "the other side refuses them");
    require(side(owner).log.containsAll(acknowledged) && new HashSet<>(monolith.log).equals(new HashSet<>(service.log)), "both sides are equal");
    require(side(owner).slot != ModelSide.NONE && side(owner.other()).slot == ModelSide.NONE, "there is the owner's slot and no other");
  }
}
