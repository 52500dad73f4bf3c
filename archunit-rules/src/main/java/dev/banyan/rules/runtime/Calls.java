package dev.banyan.rules.runtime;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.sql.Wrapper;
import org.jspecify.annotations.Nullable;

/** Passes calls on a wrapper to what is wrapped. */
final class Calls {

  private Calls() {}

  /** Tells whether a call asks for what is wrapped, or whether it can be had. */
  static boolean isUnwrapping(Method method) {
    return method.getDeclaringClass() == Wrapper.class;
  }

  /** Returns what the target answers, and throws what it throws; the wrapper where that is all that is asked for. */
  static @Nullable Object invoke(Object target, Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
    if (method.getName().equals("equals") && arguments != null) {
      return proxy == arguments[0];
    }
    if (arguments != null && isUnwrapping(method) && arguments[0] instanceof Class<?> type && type.isInstance(proxy)) {
      return method.getName().equals("unwrap") ? proxy : true;
    }
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }
}
