output "a" {
  value = 1
  precondition {
    condition     = self.id == 1
    error_message = "xx"
  }
}
