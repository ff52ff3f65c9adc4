output "o" {
  value = timestampp()
}
