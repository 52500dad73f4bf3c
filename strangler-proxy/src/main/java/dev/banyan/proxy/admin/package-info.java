/** The administrator's view: health, the routes in force and a dashboard. */
@NullMarked
package dev.banyan.proxy.admin;

import org.jspecify.annotations.NullMarked;
