package shop.http;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;
import shop.problems.Problem;

/** Refuses bodies that are larger than a limit: at once where the length is announced, and otherwise as soon as it is passed. */
@Component
class BodyLimit extends OncePerRequestFilter {

  private final long limit;
  private final HandlerExceptionResolver problems;

  BodyLimit(@Value("${shop.http.max-body:1MB}") DataSize limit, @Qualifier("handlerExceptionResolver") HandlerExceptionResolver problems) {
    this.limit = limit.toBytes();
    this.problems = problems;
  }

  @Override
  protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    if (request.getContentLengthLong() > limit) {
      response.setHeader("Connection", "close");
      problems.resolveException(request, response, null, Problem.tooLarge(limit, null));
    } else if (request.getContentLengthLong() < 0) {
      chain.doFilter(new BoundedRequest(request, limit), response);
    } else {
      chain.doFilter(request, response);
    }
  }
}
