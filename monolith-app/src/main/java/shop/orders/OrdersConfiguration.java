package shop.orders;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Configuration;

/** The settings of the module. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(CheckoutSettings.class)
class OrdersConfiguration {}
