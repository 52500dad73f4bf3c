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
import org.jspecify.annotations.Nullable;

/**
 * Everything there is in the model: the record, two databases, two movers' memories, and how much may still happen.
 * Clients write to either side at any time, as they would through a proxy that knows nothing new.
 */
final class ModelWorld {

  static final String MODULE = "model";

  Extraction record = record(Owner.MONOLITH, Phase.IN_SYNC, 1, false);
  final ModelSide monolith;
  final ModelSide service;
  final ModelMover[] movers = {new ModelMover(), new ModelMover()};
  final List<Integer> acknowledged = new ArrayList<>();
  Budget left;
  /** What the record becomes when a commit arrives that is on its way; until then it is locked. */
  @Nullable Extraction coming;
  /** Statements on their way that hold no lock. */
  final List<LateStatement> late = new ArrayList<>();
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
    SwitchActs acts = new ModelActs(this, mover);
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

  void spend(Budget.Chance chance) {
    left = left.without(chance);
  }

  /** Tells whether nothing is on its way, and no transaction of a lost connection is left. */
  boolean isCalm() {
    return coming == null && late.isEmpty() && monolith.ghost == ModelSide.Ghost.NONE && service.ghost == ModelSide.Ghost.NONE;
  }

  ModelWorld copy() {
    ModelWorld copy = new ModelWorld(left, broken, monolith.copy(), service.copy());
    copy.record = record;
    copy.coming = coming;
    copy.late.addAll(late);
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
    ModelMover.describe(key.append('|'), coming);
    late.forEach(statement -> statement.describe(this, key));
    return key.append('|').append(acknowledged).append(left.left()).append(written).toString();
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
    for (int mover = 0; mover < movers.length; mover++) {
      require(movers[mover].life != ModelMover.Life.HALTED, "no mover meets a gap");
      if (isCalm() && isAtRest(movers[mover]) && movers[1 - mover].life == ModelMover.Life.DOWN) {
        checkServing();
      }
    }
  }

  private boolean isAtRest(ModelMover mover) {
    Extraction known = mover.record;
    return mover.life == ModelMover.Life.FOLLOWING && known != null && known.epoch() == record.epoch();
  }

  /** What must be true while a mover believes that there is nothing to do. */
  private void checkServing() {
    Owner owner = record.owner();
    require(!record.held(), "nothing is held");
    require(!side(owner).fenced, "the owner accepts writes");
    require(side(owner.other()).fenced, "the other side refuses them");
  }

  /** What must be true once a mover has been left alone. */
  void checkSettled() {
    checkServing();
    Owner owner = record.owner();
    require(side(owner).log.containsAll(acknowledged) && new HashSet<>(monolith.log).equals(new HashSet<>(service.log)), "both sides are equal");
    require(side(owner).slot != ModelSide.NONE && side(owner.other()).slot == ModelSide.NONE, "there is the owner's slot and no other");
  }
}
