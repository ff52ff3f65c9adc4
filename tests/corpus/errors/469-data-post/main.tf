data "terraform_remote_state" "x" {
  backend = "local"
  config  = { path = "s.tfstate" }
  lifecycle {
    postcondition {
      condition     = self.outputs.yes == 2
      error_message = "No."
    }
  }
}
