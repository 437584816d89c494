window.onload = function() {
  // Build a system
  var url = window.location.search.match(/url=([^&]+)/);
  var options = {
  "swaggerDoc": {
    "openapi": "3.0.0",
    "info": {
      "title": "Venue",
      "version": "1"
    },
    "paths": {
      "/orders": {}
    }
  },
  "customOptions": {}
};
  window.ui = SwaggerUIBundle(options.swaggerDoc)
}
