/** Which strings the code of a class puts together, and where they go: data flow over its methods. */
@NullMarked
package dev.banyan.rules.bytecode.flow;

import org.jspecify.annotations.NullMarked;
