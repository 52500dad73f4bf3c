package dev.banyan.rules.runtime;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/** Passes calls on a wrapper to what is wrapped. */
final class Calls {

  private Calls() {}

  /** Returns what the target answers, and throws what it throws. */
  static @Nullable Object invoke(Object target, Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
    if (method.getName().equals("equals") && arguments != null) {
      return proxy == arguments[0];
    }
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }
}
