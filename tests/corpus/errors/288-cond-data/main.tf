data "terraform_remote_state" "a" {
  backend = "local"
  config  = { path = "s.tfstate" }
  lifecycle {
    postcondition {
      condition     = self.outputs.y == 2
      error_message = "y is ${self.outputs.y}."
    }
  }
}
