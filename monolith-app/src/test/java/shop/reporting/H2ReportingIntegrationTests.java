package shop.reporting;

class H2ReportingIntegrationTests extends ReportingContract {}
