output "x" {
  value = {
    a    = 1
    ([]) = 2
  }
}
