/** The part of the control plane that an application links: who owns a module, and what a fence's refusal looks like. */
@NullMarked
package dev.banyan.control.client;

import org.jspecify.annotations.NullMarked;
