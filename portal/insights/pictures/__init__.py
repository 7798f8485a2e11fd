"""Pictures of use: charts drawn by the server."""
