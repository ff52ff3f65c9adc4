output "o" {
  value = templatefile("t.tftpl", { "a-b c" = 1 })
}
