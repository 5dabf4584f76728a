"""What leaves a workspace: tables, pictures, maps, clouds and reports."""
